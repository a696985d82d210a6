/** The mark: a door that somebody holds open, and the light that falls out of it. */
export function Logo({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false" className="logo">
      <rect width="64" height="64" rx="15" fill="#1d5c52" />
      <path d="M18 47V27a14 14 0 0 1 28 0v20Z" fill="#f6c777" />
      <path d="M18 47h28l3 17H15Z" fill="#f6c777" opacity=".4" />
      <path d="M32 16.5V47H21V27.5a11 11 0 0 1 11-11Z" fill="#12403a" />
      <circle cx="28" cy="33" r="1.9" fill="#f6c777" />
    </svg>
  );
}
