// A package variable of type []byte made from an empty string has no bytes to be copied.
package main

type B []byte

var b = B("")
var c = []byte("")

func main() { println(len(b), b != nil, len(c), c != nil) }
