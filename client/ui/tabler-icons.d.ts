// The package ships types for its index only; importing that index pulls in thousands of modules, so each icon is
// imported by its own file.
declare module '@tabler/icons-react/dist/esm/icons/*' {
  import type { Icon } from '@tabler/icons-react'
  const icon: Icon
  export default icon
}
