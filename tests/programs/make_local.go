// A slice that stays local, with a capacity known beforehand, still has its length checked.
package main

func capOut() {
	i := 2
	s := make([]int, i, 1)
	s[0] = 1
}

func lenOut() {
	i := -1
	s := make([]int, i, 3)
	s[0] = 1
}

//go:noinline
func variable(i int) int {
	s := make([]int, i, 4)
	return len(s) + cap(s)
}

func try(f func()) {
	defer func() {
		if err, ok := recover().(error); ok {
			println(err.Error())
		}
	}()
	f()
	println("no panic")
}

func main() {
	try(capOut)
	try(lenOut)
	try(func() { println(variable(5)) })
	try(func() { println(variable(-5)) })
	println(variable(3))
}
