// fannkuch-redux: reversals of prefixes of all permutations of eleven numbers. Small slices, unpredictable lengths.
package main

func fannkuch(n int) (checksum, most int) {
	perm, first, count := make([]int, n), make([]int, n), make([]int, n)
	for i := range first {
		first[i] = i
	}
	r, odd := n, false
	for {
		for ; r != 1; r-- {
			count[r-1] = r
		}
		copy(perm, first)
		flips := 0
		for k := perm[0]; k != 0; k = perm[0] {
			for i, j := 0, k; i < j; i, j = i+1, j-1 {
				perm[i], perm[j] = perm[j], perm[i]
			}
			flips++
		}
		most = max(most, flips)
		if odd {
			checksum -= flips
		} else {
			checksum += flips
		}
		for {
			if r == n {
				return checksum, most
			}
			front := first[0]
			copy(first, first[1:r+1])
			first[r] = front
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
		odd = !odd
	}
}

func main() {
	checksum, most := fannkuch(10)
	println(checksum, most)
}
