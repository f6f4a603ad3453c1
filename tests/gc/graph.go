// want: ok
package main

// Goroutines that build, change and drop lists, maps and slices while others do; what is left is checked value by value.

type node struct {
	next *node
	v    int
	pad  [3]*int
}

func work(id int, done chan int) {
	m := map[int]*node{}
	var head *node
	s := []*node{}
	for i := 0; i < 20000; i++ {
		n := &node{next: head, v: i}
		n.pad[0] = new(int)
		*n.pad[0] = i
		head = n
		if i%100 == 0 {
			head = nil
		}
		m[i%512] = n
		s = append(s, n)
		if len(s) > 1000 {
			for j, x := range s {
				if x.v != i-len(s)+1+j || *x.pad[0] != x.v {
					panic("slice")
				}
			}
			s = nil
		}
		_ = make([]byte, i%3000)
	}
	for k, x := range m {
		if x.v%512 != k || *x.pad[0] != x.v {
			panic("map")
		}
	}
	done <- id
}

func main() {
	done := make(chan int)
	for r := 0; r < 3; r++ {
		for i := 0; i < 8; i++ {
			go work(i, done)
		}
		sum := 0
		for i := 0; i < 8; i++ {
			sum += <-done
		}
		if sum != 28 {
			panic("sum")
		}
	}
	println("ok")
}
