// A switch over a constant chooses when it is compiled; the cases are of constants, variables and interfaces.
package main

import "fmt"

const s = "b"

type T float32

func f(x int) string {
	switch 5 {
	case x:
		return "x"
	case 3, 4, 5, 6:
		fmt.Println("five")
		fallthrough
	case 9:
		return "nine"
	default:
		return "none"
	}
}

func g[N int | uint8]() string {
	const c = 7
	switch c {
	case 1, 2, 3, 4, 5, 6:
		return "low"
	default:
		switch c + 1 {
		case 8:
			return "eight"
		}
	}
	return "?"
}

func main() {
	fmt.Println(f(5), f(4), g[int](), g[uint8]())
	switch s {
	case "a":
		fmt.Println("a")
	case "b":
		fmt.Println("b")
	}
	switch T(0.1) {
	case 0.1:
		fmt.Println("tenth")
	}
	switch 1 + 2i {
	case 2i + 1:
		fmt.Println("complex")
	}
	var e any = 3
	switch 3 {
	case e:
		fmt.Println("interface")
	}
	switch len("abc") {
	case 3:
		fmt.Println("len")
	}
	switch 'x' {
	default:
		fmt.Println("default")
	case 'y':
	}
}
