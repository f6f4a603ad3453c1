// Recover: a panic unwinds the goroutine, running what was deferred on the way; a deferred function may stop it with
// recover. Mistakes that only show when the program runs are panics too.
package main

func main() {
	println("result:", safely("division", func() { println(10 / zero()) }))

	var numbers []int
	var table map[string]int
	var pointer *struct{ value int }
	var value any = "text"
	mistakes := []struct {
		what string
		f    func()
	}{
		{"index", func() { println(numbers[zero()+5]) }},
		{"slice", func() { println(len("short"[zero()+3 : zero()+2])) }},
		{"nil map", func() { table["key"] = 1 }},
		{"nil pointer", func() { println(pointer.value) }},
		{"conversion", func() { println(value.(int)) }},
		{"missing method", func() { println(value.(interface{ missing() }) != nil) }},
		{"length", func() { numbers = make([]int, zero()-1) }},
		{"array", func() { println([4]int(numbers)[0]) }},
		{"closed channel", func() { c := make(chan int); close(c); close(c) }},
		{"comparison", func() { println(any(numbers) == any(numbers)) }},
		{"an error value", func() { panic(failure{404}) }},
		{"a string", func() { panic("just a text") }},
	}
	for _, m := range mistakes {
		println(safely(m.what, m.f))
	}

	println("nested:", nested())
	println("kept what was done before:", partly())
	order()

	// A panic in another goroutine must be recovered there.
	done := make(chan string)
	go func() { done <- safely("goroutine", func() { panic("elsewhere") }) }()
	println(<-done)
	println("and the program goes on")
}

func zero() int { return 0 }

type failure struct{ code int }

func (f failure) Error() string {
	text := ""
	for n := f.code; n > 0; n /= 10 {
		text = string(rune('0'+n%10)) + text
	}
	return "failure " + text
}

// safely calls f and turns a panic into a text.
func safely(what string, f func()) (result string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			result = what + ": no panic"
		case error:
			result = what + ": " + r.Error()
		case string:
			result = what + ": the text " + r
		}
	}()
	f()
	return
}

// A deferred function may panic itself; the newer panic replaces the older one.
func nested() (result string) {
	defer func() { result = recover().(string) }()
	defer func() { panic("second, after " + recover().(string)) }()
	panic("first")
}

// What was stored before the panic is there after it.
func partly() (n int) {
	defer func() { recover() }()
	for i := 1; ; i++ {
		n += i
		if n > 20 {
			panic("enough")
		}
	}
}

func order() {
	defer println("order: third, after the panic was stopped")
	defer func() {
		println("order: second, recovered:", recover() != nil)
		println("order: nothing left to recover:", recover() == nil)
	}()
	defer println("order: first")
	panic("now")
}
