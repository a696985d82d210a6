import 'x11';

/** The drawing requests of npm `x11` that the benchmarks' own X clients use. */
declare module 'x11' {
  interface Screen {
    readonly pixel_width: number;
    readonly pixel_height: number;
  }

  interface Client {
    DestroyWindow(window: number): void;
    CreatePixmap(id: number, drawable: number, depth: number, width: number, height: number): void;
    CreateGC(id: number, drawable: number, values: { readonly foreground?: number }): void;
    PutImage(
      format: number,
      drawable: number,
      context: number,
      width: number,
      height: number,
      x: number,
      y: number,
      leftPad: number,
      depth: number,
      data: Buffer,
    ): void;
    CopyArea(
      from: number,
      to: number,
      context: number,
      fromX: number,
      fromY: number,
      toX: number,
      toY: number,
      width: number,
      height: number,
    ): void;
    PolyFillRectangle(drawable: number, context: number, rectangles: readonly number[]): void;
  }
}
