// map-count: frequencies of the eight-letter words of a random text (k-nucleotide's work), and of numbers, in maps.
package main

func main() {
	x := uint32(42)
	next := func() uint32 {
		x = x*1664525 + 1013904223
		return x >> 8
	}
	text := make([]byte, 3_000_000)
	for i := range text {
		text[i] = "ACGT"[next()%4]
	}
	words := map[string]int{}
	for i := 0; i+8 <= len(text); i++ {
		words[string(text[i:i+8])]++
	}
	most := 0
	for _, n := range words {
		most = max(most, n)
	}
	numbers := map[uint32]uint32{}
	for range 4_000_000 {
		numbers[next()%500_000]++
	}
	sum := uint32(0)
	for k, n := range numbers {
		sum += k ^ n
	}
	deleted := 0
	for k := range numbers {
		if k%3 == 0 {
			delete(numbers, k)
			deleted++
		}
	}
	println(len(words), most, len(numbers), sum, deleted)
}
