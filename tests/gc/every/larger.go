// A collection at every single allocation, also of objects that are larger than a run's: the span that was just taken for one of
// them must not be given back by the collection that its taking asks for.
//
// want: ok
package main

import "fmt"

type large struct {
	words [60]int
	next  *large
}

var list *large
var keep [][]*int

func main() {
	for n := range 10 {
		for range 4 {
			var s []*int
			for i := range n {
				s = append(s, new(int))
				*s[i] = i
			}
			keep = append(keep, s)
		}
		list = &large{next: list}
		list.words[n] = n
	}
	sum := 0
	for _, s := range keep {
		for _, p := range s {
			sum += *p
		}
	}
	n := 9
	for l := list; l != nil; l, n = l.next, n-1 {
		sum += l.words[n]
	}
	if sum != 4*120+45 {
		fmt.Println("the sum is", sum)
		return
	}
	fmt.Println("ok")
}
