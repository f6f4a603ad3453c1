package main

import "burrow.example/inits/base"

// These three refer to one another across two files; what depends on nothing goes first.
var (
	first  = needs("main: first, which needs second", second)
	second = needs("main: second, which needs third", third)
)

func init() { base.Log("main: init of a.go") }

func needs(what string, other int) int {
	base.Log(what)
	return other + 1
}
