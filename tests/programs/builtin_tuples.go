// Built-in functions whose arguments are the results of one call.
package main

import (
	"fmt"
	"unsafe"
)

type celsius float64

func two() (int, int)                 { return 6, 4 }
func three() (string, string, string) { return "b", "c", "a" }
func floats() (float64, float64)      { return 1.5, -2.5 }
func named() (celsius, celsius)       { return 20, 21 }
func one() int                        { return 3 }
func list() ([]int, int, int)         { return []int{1, 2}, 3, 4 }
func bytes() ([]byte, string)         { return b, "hello" }
func pair() (map[string]int, string)  { return m, "a" }
func pointer() (*int, int)            { return &numbers[0], 2 }
func offset() (unsafe.Pointer, int)   { return unsafe.Pointer(&numbers[0]), 8 }
func text() (*byte, int)              { return &b[0], 3 }

func of[T int | string](f func() (T, T)) T { return min(f()) + max(f()) }

var (
	b       = make([]byte, 3)
	m       = map[string]int{"a": 1, "b": 2}
	numbers = [...]int{7, 8, 9}
)

func main() {
	fmt.Println(min(two()), max(two()))
	fmt.Println(min(three()), max(three()))
	fmt.Println(min(floats()), max(floats()))
	fmt.Println(min(named()), max(named()))
	fmt.Println(min(one()), max(one(), min(two())))
	fmt.Println(of(two), of(func() (string, string) { return "y", "x" }))
	fmt.Println(append(list()))
	fmt.Println(copy(bytes()), string(b))
	delete(pair())
	fmt.Println(m, complex(floats()))
	fmt.Println(unsafe.Slice(pointer()), *(*int)(unsafe.Add(offset())), unsafe.String(text()))
	func() {
		defer func() { fmt.Println(recover(), m) }()
		defer delete(func() (map[string]int, string) { return m, "b" }())
		defer copy(func() ([]byte, string) { panic("evaluated at once") }())
	}()
}
