package main

import "burrow.example/tour/greeting"

var answer = compute(half)

var half = compute(21) / 2

func compute(n int) int {
	greeting.Note("a variable of main")
	return 2 * n
}

func init() { greeting.Note("main's first init") }

func init() { greeting.Note("main's second init") }

func beginnings() {
	say("Imported packages are initialised first, then variables by what they depend on, then every init.")
	for i, step := range greeting.Steps {
		println("    step", i+1, step)
	}
	say("answer stands before half, needs it, and is computed after it:")
	println("    half =", half, "answer =", answer)
}
