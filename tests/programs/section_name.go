// The text of a section's name in the program's own data.
package main

func main() { println(".note.GNU-split-stack") }
