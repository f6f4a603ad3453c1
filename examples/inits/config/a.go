// Package config has two files; files are taken in the order of their names.
package config

import "burrow.example/inits/base"

// Total needs Width and Height, so it is computed after them, though it stands before them.
var Total = area()

func init() { base.Log("config: first init of a.go") }

func init() { base.Log("config: second init of a.go") }

func area() int {
	base.Log("config: Total")
	return Width * Height
}
