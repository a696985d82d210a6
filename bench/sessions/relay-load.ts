/** The load of the bound: 20 Mbit/s, as a stream at 60 pictures a second. */
export const PICTURES_PER_SECOND = 60;
export const BYTES_EACH = Math.round(20e6 / 8 / PICTURES_PER_SECOND);
export const MEASURED_SECONDS = 10;
