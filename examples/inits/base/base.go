// Package base is imported by both other packages; it is initialised first, and once.
package base

// Log prints what happens, numbered in the order in which it happens.
func Log(text string) int {
	step++
	println(step, text)
	return step
}

var step int

func init() { Log("base: init") }
