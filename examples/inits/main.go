// Inits shows the order in which a program comes to life: the imported packages first, in each package the variables by
// what they depend on, then every init function in the order of the files' names and from top to bottom, main at last.
package main

import (
	"burrow.example/inits/base"
	"burrow.example/inits/config"
)

func init() { base.Log("main: init of main.go") }

func main() {
	base.Log("main: main")
	println("first, second, third:", first, second, third)
	println("config.Total:", config.Total)
}
