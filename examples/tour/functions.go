package main

func closures() {
	say("A function literal keeps the variables around it, each call of the outer function its own.")
	next, other := counter(), counter()
	println("   ", next(), next(), next(), other())

	say("Deferred calls run when the function returns, the last one first, and may change its result.")
	println("    result:", deferring())

	say("A function can be what a loop goes over.")
	print("   ")
	for n := range powersOfTwo(1000) {
		print(" ", n)
	}
	println()
}

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func deferring() (result int) {
	for i := range 3 {
		defer func() {
			println("    deferred:", i)
			result += i
		}()
	}
	return 10
}

func powersOfTwo(limit int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for n := 1; n < limit; n *= 2 {
			if !yield(n) {
				return
			}
		}
	}
}

func panics() {
	say("A mistake at run time is a panic. It unwinds the goroutine until a deferred function recovers.")
	numbers := []int{1, 2, 3}
	var nowhere *int
	println("   ", attempt(func() int { return numbers[len(numbers)] }))
	println("   ", attempt(func() int { return 1 / (len(numbers) - 3) }))
	println("   ", attempt(func() int { return *nowhere }))
	println("   ", attempt(func() int { panic("own words") }))
	println("   ", attempt(func() int { return 42 }))
}

func attempt(f func() int) (report string) {
	defer func() {
		switch problem := recover().(type) {
		case nil:
		case error:
			report = problem.Error()
		case string:
			report = "panic: " + problem
		}
	}()
	if f() == 42 {
		return "no panic"
	}
	return "something else"
}
