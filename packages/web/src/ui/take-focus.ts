/** As the `ref` of what has the focus when a page appears: whoever has only keys begins there. It is stable, so it acts once. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}
