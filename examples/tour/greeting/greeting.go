// Package greeting is imported by the tour. It is initialised before the program that imports it.
package greeting

// Steps records what happened before main was called.
var Steps = []string{"greeting's variable Steps"}

// Farewell is made from a variable that stands below it: the compiler finds the order.
var Farewell = "That was the tour. " + closing

var closing = "Now write a program of your own."

func init() { Note("greeting's init") }

// Note adds a step.
func Note(step string) { Steps = append(Steps, step) }
