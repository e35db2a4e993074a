// Runs before the first paint, so that a dark page never flashes white. A file of its own because the content security
// policy allows no inline script. The key is the one client/lib/preferences.ts gives to Mantine.
{
  let choice = 'auto'
  try {
    choice = localStorage.getItem('paydesk.scheme') ?? 'auto'
  } catch {
    // Storage is switched off: follow the system.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
}
