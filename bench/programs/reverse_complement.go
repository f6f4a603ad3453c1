// reverse-complement: DNA read backwards with each letter replaced by its partner, in lines, twelve times over.
package main

import "bytes"

func main() {
	const size, lineLength, turns = 24_000_000, 60, 12
	x := uint32(7)
	text := make([]byte, 0, size+size/lineLength+1)
	for i := range size {
		if i > 0 && i%lineLength == 0 {
			text = append(text, '\n')
		}
		x = x*1664525 + 1013904223
		text = append(text, "ACGTacgtNRYKM"[x>>8%13])
	}
	text = append(text, '\n')

	var partner [256]byte
	for i := range partner {
		partner[i] = byte(i)
	}
	const from, to = "ACGTUMRWSYKVHDBN", "TGCAAKYWSRMBDHVN"
	for i := range from {
		partner[from[i]] = to[i]
		partner[from[i]|0x20] = to[i]
	}
	sum := uint32(0)
	for range turns {
		for l, r := 0, len(text)-1; l <= r; {
			if text[l] == '\n' {
				l++
				continue
			}
			if text[r] == '\n' {
				r--
				continue
			}
			text[l], text[r] = partner[text[r]], partner[text[l]]
			l++
			r--
		}
		for _, c := range text {
			sum = sum*31 + uint32(c)
		}
	}
	println(len(text), bytes.Count(text, []byte("GATTA")), sum)
}
