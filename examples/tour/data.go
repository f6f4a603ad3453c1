package main

func numbers() {
	say("Constants are exact, however large, until they become a value of some size.")
	const huge = 1 << 100
	println("    2 to the 100th, divided by 2 to the 98th:", huge>>98)

	say("Whole numbers wrap around at the ends; division rounds towards zero.")
	var small uint8 = 250
	for range 3 {
		small += 3
		print("    ", small)
	}
	println()
	seven := 7
	println("    -7/2 =", -seven/2, "remainder", -seven%2, "and -7>>1 =", -seven>>1)

	say("Floating point has its infinities, and a value that equals nothing.")
	zero := 0.0
	nan := zero / zero
	println("    1/0 =", 1/zero, "0/0 =", nan, "equal to itself:", nan == nan)
}

func text() {
	say("A string is bytes. Going over it with range gives characters and where they begin.")
	for at, r := range "Höhle 穴" {
		print("    ", at, ":", string(r))
	}
	println()
	word := "badger"
	say("Slicing shares the bytes, joining makes new ones, and nothing ever changes them.")
	println("   ", word[:3], word[3:], word[:1]+"ur"+"row", len("穴"), "bytes in one character")
}

var growing []int

func slices() {
	say("A slice is a window on an array. Appending beyond its capacity moves it to a larger one:")
	print("    capacities:")
	for last, i := -1, 0; i < 3000; i++ {
		if cap(growing) != last {
			last = cap(growing)
			print(" ", last)
		}
		growing = append(growing, i)
	}
	println()
	say("Two windows on one array see each other's changes.")
	left, right := growing[:4], growing[2:6]
	left[3] = 1000
	println("    left[3] was set;", "right[1] =", right[1])
}

func maps() {
	say("A map finds values by key, and tells a missing entry from a zero.")
	depth := map[string]int{"mole": 1, "badger": 4, "rabbit": 3}
	depth["fox"] = 2
	delete(depth, "mole")
	metres, known := depth["mole"]
	println("    badger:", depth["badger"], "mole:", metres, known, "entries:", len(depth))

	say("The order of iteration is random on purpose. What is visited is not:")
	visits, sum := 0, 0
	for _, n := range depth {
		visits++
		sum += n
	}
	println("   ", visits, "entries with a sum of", sum)
}
