// SPDX-License-Identifier: MIT
package main

import "fmt"

const n = 1000000

func pong(a, b chan int) {
	for v := range a {
		b <- v + 1
	}
	close(b)
}

func main() {
	a, b := make(chan int), make(chan int)
	go pong(a, b)
	v := 0
	for i := 0; i < n; i++ {
		a <- v
		v = <-b
	}
	close(a)
	if v != n {
		panic(v)
	}
	fmt.Println(v)
}
