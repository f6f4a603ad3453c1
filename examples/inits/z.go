package main

import "burrow.example/inits/base"

var third = needs("main: third, which needs nothing", 0)

func init() { base.Log("main: init of z.go") }
