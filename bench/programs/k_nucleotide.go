// k-nucleotide: how often each sequence of one to eighteen letters is in a random DNA text, with a goroutine for each length.
package main

import (
	"cmp"
	"fmt"
	"slices"
)

type count struct {
	word string
	n    int
}

func frequencies(dna []byte, length int) map[uint64]*int {
	counts := map[uint64]*int{}
	mask := uint64(1)<<(2*length) - 1
	key := uint64(0)
	for i, c := range dna {
		key = (key<<2 | uint64(c)) & mask
		if i < length-1 {
			continue
		}
		if n, ok := counts[key]; ok {
			*n++
		} else {
			one := 1
			counts[key] = &one
		}
	}
	return counts
}

func word(key uint64, length int) string {
	text := make([]byte, length)
	for i := range text {
		text[length-1-i] = "ACGT"[key&3]
		key >>= 2
	}
	return string(text)
}

func main() {
	x := uint32(42)
	dna := make([]byte, 600_000)
	for i := range dna {
		x = x*1664525 + 1013904223
		dna[i] = byte(x >> 30)
	}
	lengths := []int{1, 2, 3, 4, 6, 12, 18}
	results := make([]chan map[uint64]*int, len(lengths))
	for i, length := range lengths {
		results[i] = make(chan map[uint64]*int, 1)
		go func() { results[i] <- frequencies(dna, length) }()
	}
	for i, length := range lengths {
		counts := <-results[i]
		list := make([]count, 0, len(counts))
		for key, n := range counts {
			list = append(list, count{word(key, length), *n})
		}
		slices.SortFunc(list, func(a, b count) int {
			if c := cmp.Compare(b.n, a.n); c != 0 {
				return c
			}
			return cmp.Compare(a.word, b.word)
		})
		for _, c := range list[:min(4, len(list))] {
			fmt.Printf("%s %.3f\n", c.word, 100*float64(c.n)/float64(len(dna)-length+1))
		}
		fmt.Println(length, len(list))
	}
}
