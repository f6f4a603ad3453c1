// Strings: a string is a sequence of bytes that never changes, usually text in UTF-8. Indexing gives bytes; range gives
// characters (runes) and where each begins.
package main

func main() {
	text := "Grüße, 世界!"
	println(text, "has", len(text), "bytes and", len([]rune(text)), "characters")

	for i, r := range "aü世😀" {
		println("  at", i, "character", r, string(r))
	}
	println("  the bytes of ü:", "ü"[0], "ü"[1])

	// Bytes that are no UTF-8 come out as U+FFFD, one for each bad byte.
	for i, r := range "a\xff\xc3z" {
		println("  at", i, "character", r)
	}

	// Slicing copies nothing; joining makes a new string.
	word := text[:7]
	println(word, "|", text[9:15], "|", word+"du")
	println("comparing:", "apple" < "banana", "Zebra" < "apple", "go" == "g"+string('o'))

	// Going through bytes or runes allows changing.
	bytes := []byte("burrow")
	bytes[0] = 'B'
	println(string(bytes), reverse("stressed 世界"))

	println("escapes:", "\x41\u00e9\U0001F600\101", len("\n\t\\"), len(`\n\t\\`))
	println("zero bytes are bytes:", len("a\x00b"), "a\x00b" == "a\x00"+"b")

	long := ""
	for i := range 1000 {
		long += string(rune('a' + i%26))
	}
	println("a thousand joined:", len(long), long[:5], long[995:])

	switch animal := "mo" + "le"; animal {
	case "vole":
		println("a vole")
	case "mole":
		println("a mole")
	}
	println("a conversion of a number is a character:", string(rune(9731)))
}

func reverse(s string) string {
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}
