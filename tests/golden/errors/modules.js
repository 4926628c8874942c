import { default } from 'a';
export { if };
import 'a' with { b: '1', b: '2' };
import defer from 'a'
export { x as '\ud800' } from 'a';
var await;
