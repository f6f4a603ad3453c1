// Tour walks through Go, one station after the other, and says what there is to see at each. It needs no library: what it
// prints comes from the two built-in functions print and println, which write to standard error.
//
// Each station is a function; the other files of this folder hold them.
package main

import "burrow.example/tour/greeting"

func main() {
	println("Welcome to the tour of Go, as Burrow builds and runs it.")

	station("The order of beginnings")
	beginnings()

	station("Numbers, exact and not")
	numbers()

	station("Strings and runes")
	text()

	station("Slices that grow")
	slices()

	station("Maps")
	maps()

	station("Closures")
	closures()

	station("Interfaces and embedding")
	interfaces()

	station("Generics")
	generics()

	station("Panic and recover")
	panics()

	station("Goroutines and channels")
	goroutines()

	station("Ten megabytes, a piece at a time")
	memory()

	println()
	println(greeting.Farewell)
}

var stations int

func station(title string) {
	stations++
	println()
	print("-- ", stations, ". ", title, "\n")
}

// say prints an explanation.
func say(text string) { println("  ", text) }
