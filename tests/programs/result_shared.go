// A return statement sets named results that are seen through a pointer or a function literal.
package main

func pointer() (x int, p *int) { return 5, &x }

var later func() int

func captured() (x int) {
	later = func() int { return x }
	return 6
}

func swapped() (x, y int, p *int) {
	x, y = 1, 2
	p = &x
	return y, x, p
}

func main() {
	x, p := pointer()
	println(x, *p)
	println(captured(), later())
	a, b, q := swapped()
	println(a, b, *q)
}
