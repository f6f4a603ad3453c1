// sieve: primes below twenty million, one bool each. A byte array larger than the caches.
package main

func main() {
	const n = 20_000_000
	total := 0
	for range 3 {
		composite := make([]bool, n)
		for i := 2; i*i < n; i++ {
			if !composite[i] {
				for j := i * i; j < n; j += i {
					composite[j] = true
				}
			}
		}
		for _, c := range composite[2:] {
			if !c {
				total++
			}
		}
	}
	println(total)
}
