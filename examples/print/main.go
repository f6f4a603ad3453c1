// Print shows the two built-in functions that need no library: print and println. Both write to standard error, println
// with a space between its operands and a new line at the end.
package main

type celsius float64

func main() {
	print("no new line, ", "no spaces between: ", 1, 2, 3, "\n")
	println("with spaces:", 1, 2, 3)
	println()

	println("booleans:", true, !true)
	println("whole numbers:", -42, uint8(255), int64(-1<<63), uint64(1<<64-1))
	println("characters are numbers:", 'g', 'ö', '世')
	println("floating point:", 1.0, -0.5, 6.02214076e23, float32(0.1))
	println("complex:", 1+2i, complex64(-1i))
	println("of a named type:", celsius(36.6))

	var zero, inf float64
	inf = 1 / zero
	println("the ends of the line:", inf, -inf, zero/zero)

	var pointer *int
	var function func()
	var channel chan int
	println("nothing at all:", pointer, function == nil, channel == nil)

	const big = 1 << 100
	println("a constant is exact until it is used:", big>>98, big/(big-1))
	println("strings:", "tab\tand \"quotes\",", `raw \n,`, "日本語")
}
