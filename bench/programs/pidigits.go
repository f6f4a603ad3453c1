// pidigits: digits of pi one after the other with big integers (the unbounded spigot of Gibbons), and a large factorial.
package main

import (
	"fmt"
	"math/big"
)

func main() {
	const digits = 8000
	numerator, accumulator, denominator := big.NewInt(1), big.NewInt(0), big.NewInt(1)
	var t, u big.Int
	digit := func(times int64) int64 {
		t.Mul(numerator, big.NewInt(times))
		t.Add(&t, accumulator)
		u.Quo(&t, denominator)
		return u.Int64()
	}
	line := make([]byte, 0, 10)
	for k, n := int64(0), 0; n < digits; {
		k++
		odd := big.NewInt(2*k + 1)
		t.Lsh(numerator, 1)
		accumulator.Add(accumulator, &t)
		accumulator.Mul(accumulator, odd)
		denominator.Mul(denominator, odd)
		numerator.Mul(numerator, big.NewInt(k))
		if numerator.Cmp(accumulator) > 0 {
			continue
		}
		d := digit(3)
		if d != digit(4) {
			continue
		}
		line = append(line, byte('0'+d))
		if n++; n%10 == 0 {
			if n%1000 == 0 {
				fmt.Printf("%s\t:%d\n", line, n)
			}
			line = line[:0]
		}
		t.Mul(denominator, big.NewInt(d))
		accumulator.Sub(accumulator, &t)
		accumulator.Mul(accumulator, big.NewInt(10))
		numerator.Mul(numerator, big.NewInt(10))
	}
	f := big.NewInt(1)
	for i := int64(2); i <= 20_000; i++ {
		f.Mul(f, big.NewInt(i))
	}
	text := f.String()
	fmt.Println(len(text), text[:20], f.BitLen())
}
