// markdown: a document of a megabyte with all that Markdown has, made into HTML ten times by goldmark.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

func document(size int) []byte {
	words := strings.Fields("a collector *walks* the **heap** while `goroutines` run, and [links](https://example.org/x?y=z \"title\") stay ~~old~~ <b>bold</b> &amp; https://example.org sentences \\* end")
	x := uint32(42)
	next := func(n int) int {
		x = x*1664525 + 1013904223
		return int(x>>8) % n
	}
	var b bytes.Buffer
	sentence := func(n int) {
		for range n {
			b.WriteString(words[next(len(words))])
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	for b.Len() < size {
		switch next(8) {
		case 0:
			b.WriteString(strings.Repeat("#", 1+next(4)) + " ")
			sentence(5)
		case 1:
			for range 1 + next(6) {
				b.WriteString(strings.Repeat("  ", next(3)) + "- ")
				sentence(6)
			}
		case 2:
			for i := range 1 + next(6) {
				fmt.Fprintf(&b, "%d. ", i+1)
				sentence(6)
			}
		case 3:
			b.WriteString("```go\nfunc main() { println(\"<hello>\") }\n```\n")
		case 4:
			b.WriteString("> ")
			sentence(20)
		case 5:
			b.WriteString("| one | two | three |\n|:---|---:|---|\n")
			for range next(5) {
				fmt.Fprintf(&b, "| %d | *%d* | `%d` |\n", next(100), next(100), next(100))
			}
		default:
			for range 1 + next(5) {
				sentence(12)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func main() {
	source := document(1 << 20)
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.Typographer), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	var out bytes.Buffer
	for range 10 {
		out.Reset()
		if err := md.Convert(source, &out); err != nil {
			panic(err)
		}
	}
	fmt.Printf("%d %d %x\n", len(source), out.Len(), sha256.Sum256(out.Bytes()))
}
