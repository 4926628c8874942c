function f() {
  if (a) {
