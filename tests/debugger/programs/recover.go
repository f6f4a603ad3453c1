// A panic that is recovered, for recover.py.
package main

import "os"

//go:noinline
func recovers(a []int, i int) (out int) {
	defer func() {
		if recover() != nil {
			out = 7
		}
	}()
	return a[i]
}

//go:noinline
func result(n int) int { return n - 7 }

func main() {
	os.Exit(result(recovers([]int{1, 2}, len(os.Args)+1)))
}
