// fasta: a DNA text from a repeated sequence and from random letters with given frequencies, in lines of 60.
package main

import (
	"bufio"
	"os"
)

const (
	lineLength = 60
	modulus    = 139968
)

var seed uint32 = 42

func random() float64 {
	seed = (seed*3877 + 29573) % modulus
	return float64(seed) / modulus
}

type letter struct {
	upTo float64
	c    byte
}

func cumulative(letters string, shares ...float64) []letter {
	table := make([]letter, len(letters))
	sum := 0.0
	for i := range table {
		sum += shares[i]
		table[i] = letter{sum, letters[i]}
	}
	table[len(table)-1].upTo = 1
	return table
}

func writeRepeated(w *bufio.Writer, text string, n int) {
	line := make([]byte, lineLength+1)
	at := 0
	for n > 0 {
		size := min(n, lineLength)
		for i := range size {
			line[i] = text[at]
			if at++; at == len(text) {
				at = 0
			}
		}
		line[size] = '\n'
		w.Write(line[:size+1])
		n -= size
	}
}

func writeRandom(w *bufio.Writer, table []letter, n int) {
	line := make([]byte, lineLength+1)
	for n > 0 {
		size := min(n, lineLength)
		for i := range size {
			r := random()
			k := 0
			for table[k].upTo < r {
				k++
			}
			line[i] = table[k].c
		}
		line[size] = '\n'
		w.Write(line[:size+1])
		n -= size
	}
}

func main() {
	const n = 4_000_000
	alu := make([]byte, 287)
	for i := range alu {
		alu[i] = "ACGT"[int(random()*4)]
	}
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	w.WriteString(">repeated\n")
	writeRepeated(w, string(alu), 2*n)
	w.WriteString(">random, with ambiguities\n")
	writeRandom(w, cumulative("acgtBDHKMNRSVWY", 0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02), 3*n)
	w.WriteString(">random\n")
	writeRandom(w, cumulative("acgt", 0.303, 0.198, 0.1975, 0.3015), 5*n)
}
