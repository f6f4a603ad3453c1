// n-queens: all solutions for thirteen queens, by recursion over bit masks. Calls and integers.
package main

func solve(all, columns, left, right uint) int {
	if columns == all {
		return 1
	}
	n := 0
	for free := all &^ (columns | left | right); free != 0; {
		bit := free & -free
		free ^= bit
		n += solve(all, columns|bit, (left|bit)<<1&all, (right|bit)>>1)
	}
	return n
}

func main() { println(solve(1<<13-1, 0, 0, 0)) }
