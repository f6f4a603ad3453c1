// Maps: looking up, the comma-ok form, deleting, keys of many types, growing, and iterating in an order that is
// deliberately different from time to time.
package main

type point struct{ x, y int }

func main() {
	basics()
	keys()
	growing()
	iterating()
	words()
}

func basics() {
	legs := map[string]int{"spider": 8, "ant": 6, "gopher": 4}
	legs["hen"] = 2
	legs["ant"]++
	println("basics: an ant with", legs["ant"], "legs; entries:", len(legs))

	n, ok := legs["snake"]
	println("basics: a snake:", n, ok)
	delete(legs, "spider")
	delete(legs, "snake") // deleting what is not there is no error
	_, ok = legs["spider"]
	println("basics: the spider is there:", ok, "entries:", len(legs))

	var none map[string]int
	println("basics: a nil map can be read:", none["x"], len(none))
	clear(legs)
	println("basics: cleared:", len(legs))
}

// Everything that == can compare can be a key: structs, arrays, interfaces, floating point numbers.
func keys() {
	grid := map[point]string{{0, 0}: "origin", {3, 4}: "five away"}
	println("keys:", grid[point{3, 4}], grid[point{4, 3}] == "")

	pairs := map[[2]string]int{{"a", "b"}: 1}
	pairs[[2]string{"a", "b"}] += 41
	println("keys: array:", pairs[[2]string{"a", "b"}])

	mixed := map[any]string{1: "int", int8(1): "int8", "1": "string", 1.0: "float64", point{1, 1}: "point"}
	println("keys: any:", mixed[1], mixed[int8(1)], mixed["1"], mixed[1.0], mixed[point{1, 1}], len(mixed))

	var zero float64
	floats := map[float64]int{zero: 1}
	floats[-zero] = 2 // minus zero equals zero
	nan := zero / zero
	floats[nan], floats[nan] = 3, 4 // a NaN equals nothing, itself neither
	println("keys: float64:", floats[0], len(floats), floats[nan])
}

func growing() {
	squares := make(map[int]int)
	const count = 100_000
	for i := range count {
		squares[i] = i * i
	}
	for i := 0; i < count; i += 2 {
		delete(squares, i)
	}
	wrong := 0
	for i := range count {
		n, ok := squares[i]
		if ok != (i%2 == 1) || ok && n != i*i {
			wrong++
		}
	}
	println("growing:", len(squares), "left,", wrong, "wrong")
}

// Each entry is visited once. Entries may be deleted, and added, while the loop runs. Where it starts is random.
func iterating() {
	numbers := make(map[int]bool)
	for i := range 64 {
		numbers[i] = true
	}
	visits, sum := 0, 0
	for n := range numbers {
		visits++
		sum += n
		delete(numbers, n)
	}
	println("iterating:", visits, "visits, sum", sum, "left", len(numbers))

	for i := range 64 {
		numbers[i] = true
	}
	first := func() int {
		for n := range numbers {
			return n
		}
		return -1
	}
	start, differs := first(), false
	for range 100 {
		differs = differs || first() != start
	}
	println("iterating: begins at different places:", differs)
}

// Counting words, and printing them in order.
func words() {
	text := "the mole and the vole and the badger went to the burrow "
	counts := make(map[string]int)
	word := ""
	for _, r := range text {
		if r != ' ' {
			word += string(r)
			continue
		}
		counts[word]++
		word = ""
	}
	var sorted []string
	for w := range counts {
		at := len(sorted)
		sorted = append(sorted, w)
		for ; at > 0 && sorted[at-1] > w; at-- {
			sorted[at] = sorted[at-1]
		}
		sorted[at] = w
	}
	for _, w := range sorted {
		println("words:", w, counts[w])
	}
}
