// golang: a Go interpreter, yaegi, that runs a program with loops, maps, slices, closures, methods and strings.
package main

import (
	"fmt"
	"os"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
)

const program = `
package main

import (
	"fmt"
	"sort"
	"strings"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

type shape interface{ area() float64 }
type square struct{ side float64 }
type circle struct{ radius float64 }

func (s square) area() float64 { return s.side * s.side }
func (c circle) area() float64 { return 3 * c.radius * c.radius }

func sieve(n int) int {
	composite := make([]bool, n)
	count := 0
	for i := 2; i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j < n; j += i {
			composite[j] = true
		}
	}
	return count
}

func words(n int) string {
	counts := map[string]int{}
	x := uint32(42)
	for i := 0; i < n; i++ {
		x = x*1664525 + 1013904223
		counts[string(rune('a'+x>>8%26))+string(rune('a'+x>>16%26))]++
	}
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var b strings.Builder
	for _, k := range keys[:10] {
		b.WriteString(fmt.Sprintf("%s=%d ", k, counts[k]))
	}
	return b.String()
}

func main() {
	fmt.Println(fib(24))
	fmt.Println(sieve(400000))
	total := 0.0
	shapes := []shape{square{2}, circle{1}, square{3}}
	for i := 0; i < 150000; i++ {
		total += shapes[i%3].area()
	}
	fmt.Println(total)
	fmt.Println(words(100000))
	adders := []func(int) int{}
	for i := 0; i < 10; i++ {
		k := i
		adders = append(adders, func(n int) int { return n + k })
	}
	sum := 0
	for i := 0; i < 200000; i++ {
		sum = adders[i%10](sum) % 1000003
	}
	fmt.Println(sum)
}
`

func main() {
	i := interp.New(interp.Options{})
	if err := i.Use(stdlib.Symbols); err != nil {
		panic(err)
	}
	if _, err := i.Eval(program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
