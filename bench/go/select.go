// SPDX-License-Identifier: MIT
package main

import "fmt"

const each = 250000

func send(out chan int, v int) {
	for i := 0; i < each; i++ {
		out <- v
	}
}

func main() {
	a, b, c, d := make(chan int), make(chan int), make(chan int), make(chan int)
	go send(a, 1)
	go send(b, 2)
	go send(c, 3)
	go send(d, 4)
	sum := 0
	for i := 0; i < 4*each; i++ {
		var v int
		select {
		case v = <-a:
		case v = <-b:
		case v = <-c:
		case v = <-d:
		}
		sum += v
	}
	if sum != 10*each {
		panic(sum)
	}
	fmt.Println(sum)
}
