// Closures: a function literal sees the variables around it, not copies of them, and keeps them alive.
package main

func main() {
	a, b := counter(10), counter(100)
	println("counters:", a(), a(), b(), a())

	// Each iteration of a loop has its own variable.
	var functions []func() int
	for i := range 3 {
		functions = append(functions, func() int {
			i += 10
			return i
		})
	}
	for _, f := range functions {
		println("loop:", f(), f())
	}

	// Two closures over one variable.
	set, get := cell("nothing")
	set("something")
	println("cell:", get())

	// Functions that take and give functions.
	double := func(n int) int { return 2 * n }
	addThree := func(n int) int { return n + 3 }
	println("composed:", compose(double, addThree)(10), compose(addThree, double)(10))

	// A literal that calls itself.
	var fibonacci func(int) int
	fibonacci = func(n int) int {
		if n < 2 {
			return n
		}
		return fibonacci(n-1) + fibonacci(n-2)
	}
	println("fibonacci of 20:", fibonacci(20))

	// A method, bound to its receiver at once; and unbound, with the receiver as first parameter.
	t := tally{"votes", 1}
	bound, unbound := t.add, (*tally).add
	bound(2)
	unbound(&t, 4)
	println("method values:", t.name, t.n)

	// A function can be what range goes over.
	for n := range upTo(5) {
		if n == 4 {
			break
		}
		println("iterator:", n)
	}

	// Deferred closures run last in, first out, and can change the result.
	println("deferred:", deferred(5))
}

func counter(start int) func() int {
	return func() int {
		start++
		return start
	}
}

func cell(value string) (set func(string), get func() string) {
	return func(v string) { value = v }, func() string { return value }
}

func compose(f, g func(int) int) func(int) int {
	return func(n int) int { return f(g(n)) }
}

type tally struct {
	name string
	n    int
}

func (t *tally) add(n int) { t.n += n }

func upTo(limit int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		defer println("iterator: done")
		for n := 1; n <= limit; n++ {
			if !yield(n) {
				return
			}
		}
	}
}

func deferred(n int) (result int) {
	defer func() { result *= 2 }()
	defer func() { result += 1 }()
	return n
}
