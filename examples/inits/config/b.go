package config

import "burrow.example/inits/base"

var (
	Width  = value("config: Width", 6)
	Height = value("config: Height", 7)
)

func init() { base.Log("config: init of b.go") }

func value(what string, n int) int {
	base.Log(what)
	return n
}
