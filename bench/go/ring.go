// SPDX-License-Identifier: MIT
package main

import "fmt"

const size, rounds = 1000, 1000

func pass(from, to chan int) {
	for v := range from {
		to <- v + 1
	}
	close(to)
}

func main() {
	first := make(chan int)
	last := first
	for i := 0; i < size; i++ {
		next := make(chan int)
		go pass(last, next)
		last = next
	}
	v := 0
	for i := 0; i < rounds; i++ {
		first <- v
		v = <-last
	}
	close(first)
	if v != size*rounds {
		panic(v)
	}
	fmt.Println(v)
}
