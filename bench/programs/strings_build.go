// strings-build: text made by append and concatenation, split into words, compared and converted.
package main

func fields(s string) []string {
	var out []string
	start := -1
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' {
			if start >= 0 {
				out = append(out, s[start:i])
				start = -1
			}
		} else if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

func itoa(buf []byte, n int) []byte {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			break
		}
	}
	return append(buf, digits[i:]...)
}

func main() {
	total, equal, runes := 0, 0, 0
	for round := range 60 {
		var buf []byte
		for i := range 20_000 {
			buf = itoa(buf, i*round)
			buf = append(buf, " näh "...)
		}
		words := fields(string(buf))
		last := ""
		for _, w := range words {
			if w == last {
				equal++
			}
			if w < last {
				total += len(w)
			}
			last = w
			for _, r := range w {
				runes += int(r)
			}
		}
		joined := ""
		for _, w := range words[:300] {
			joined += w + "," + w
		}
		total += len(joined)
	}
	println(total, equal, runes)
}
