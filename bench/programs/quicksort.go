// quicksort: a generic sort with a comparison function, of numbers and of strings' lengths; closures called in inner loops.
package main

func sort[T any](s []T, less func(a, b T) bool) {
	for len(s) > 12 {
		m := len(s) / 2
		if less(s[m], s[0]) {
			s[m], s[0] = s[0], s[m]
		}
		if less(s[len(s)-1], s[m]) {
			s[m], s[len(s)-1] = s[len(s)-1], s[m]
			if less(s[m], s[0]) {
				s[m], s[0] = s[0], s[m]
			}
		}
		pivot := s[m]
		i, j := 0, len(s)-1
		for i <= j {
			for less(s[i], pivot) {
				i++
			}
			for less(pivot, s[j]) {
				j--
			}
			if i <= j {
				s[i], s[j] = s[j], s[i]
				i++
				j--
			}
		}
		if j+1 < len(s)-i {
			sort(s[:j+1], less)
			s = s[i:]
		} else {
			sort(s[i:], less)
			s = s[:j+1]
		}
	}
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && less(s[j], s[j-1]); j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

type record struct {
	key  uint64
	name string
}

func main() {
	x := uint64(88172645463325252)
	next := func() uint64 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		return x
	}
	numbers := make([]uint64, 3_000_000)
	for i := range numbers {
		numbers[i] = next()
	}
	sort(numbers, func(a, b uint64) bool { return a < b })
	records := make([]record, 1_000_000)
	for i := range records {
		k := next()
		records[i] = record{k % 1000, string(rune('a' + k%26))}
	}
	sort(records, func(a, b record) bool { return a.key < b.key || a.key == b.key && a.name < b.name })
	println(numbers[0], numbers[len(numbers)/2], records[0].name, records[len(records)/2].key)
}
