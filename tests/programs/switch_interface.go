// Cases of a switch without a tag may be interface values: they are compared with true.
package main

func main() {
	switch i := interface{}(true); {
	case i:
		println("b")
	case false:
		println("c")
	}
	switch {
	case interface{}(false):
		println("x")
	case interface{}(true) == true:
		println("d")
	}
}
