// Formatted output: verbs, flags, widths, composite values, errors, scanning.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
)

type point struct {
	X, Y int
	name string
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type failure struct{ code int }

func (f *failure) Error() string { return fmt.Sprintf("failure %d", f.code) }

func main() {
	p := point{1, -2, "p"}
	fmt.Printf("%v %+v %#v %T\n", p, p, p, p)
	fmt.Printf("%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c|%q|%U\n", 42, 42, 42, 42, 42, 255, 255, 8, 5, 'é', 'é', 'é')
	fmt.Printf("%f|%.2f|%8.3f|%e|%g|%G\n", 3.14159, 3.14159, 3.14159, 1234567.891, 1e21, 1e-7)
	fmt.Printf("%s|%10s|%-10s|%q|%x|% x|%.2s\n", "go", "go", "go", "a\"b\n", "hi", "hi", "gopher")
	fmt.Printf("%t %v %p\n", true, nil, nil)
	fmt.Printf("%v %v %v\n", []int{1, 2}, map[string]int{"b": 2, "a": 1}, &p)
	fmt.Printf("%v %d %s\n", celsius(21.55), celsius(3), celsius(-4))
	fmt.Printf("%[2]d %[1]d %*d %!d %d\n", 1, 2, 6, 7)
	fmt.Println(complex(1, -2), [3]bool{true}, struct{}{}, []byte("xyz"), 'x')
	err := fmt.Errorf("open: %w", &failure{7})
	var f *failure
	fmt.Println(err, errors.As(err, &f), f.code, errors.Unwrap(err) == f)
	var a int
	var s string
	n, err := fmt.Sscanf("17 seventeen", "%d %s", &a, &s)
	fmt.Println(n, err, a, s)
	words := strings.Fields(" the quick  brown fox ")
	sort.Slice(words, func(i, j int) bool {
		return len(words[i]) < len(words[j]) || len(words[i]) == len(words[j]) && words[i] < words[j]
	})
	fmt.Println(words, strings.Join(words, "-"))
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	sc := bufio.NewScanner(strings.NewReader("one\ntwo\n"))
	for i := 1; sc.Scan(); i++ {
		fmt.Fprintf(w, "%d: %s\n", i, strings.ToUpper(sc.Text()))
	}
}
