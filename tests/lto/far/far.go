// Package far knows a function of another package by a name of its own.
package far

import _ "unsafe"

//go:linkname visible
func visible(x int) int

func Use(x int) int { return visible(x) + visible(x+1) }
