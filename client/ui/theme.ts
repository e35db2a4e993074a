import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'
// 10-step tuples: index 6 is the filled shade in light, index 7 in dark.
const accent: MantineColorsTuple = [
  '#E9EFFE',
  '#D3DFFD',
  '#A9BEF8',
  '#7B9CFF',
  '#5B7DF0',
  '#4068E6',
  '#2B55D9',
  '#3F66E4',
  '#2248BE',
  '#1B3A99',
]
const danger: MantineColorsTuple = [
  '#FDE8E8',
  '#F9CFCF',
  '#F3B4B5',
  '#FF9A9A',
  '#EC5C60',
  '#D0353B',
  '#C0262D',
  '#CF3A40',
  '#A31D24',
  '#7C141A',
]
// gray[4] and dark[4] are what Mantine draws control borders with, so they carry --border-strong (3:1 or better).
const gray: MantineColorsTuple = [
  '#F8F9FB',
  '#F1F3F6',
  '#E9EBEF',
  '#E2E5EA',
  '#7C8493',
  '#757D8C',
  '#5F6776',
  '#464D5B',
  '#2B313C',
  '#12151C',
]
const dark: MantineColorsTuple = [
  '#E7E9ED',
  '#B4BAC5',
  '#9199A6',
  '#818A99',
  '#6A7281',
  '#1A1E25',
  '#151920',
  '#12151A',
  '#0E1116',
  '#0B0D11',
]
/** Mantine's theme on Paydesk's tokens: every colour is a custom property of tokens.css, so both schemes stay in one place. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 7 },
  colors: { accent, danger, gray, dark },
  fontFamily: '"Inter UI","Inter Fallback","Noto Sans Devanagari UI",system-ui,sans-serif',
  fontFamilyMonospace: '"JBM UI",ui-monospace,Menlo,Consolas,monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.3334', sm: '1.5385', md: '1.4286', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  shadows: {
    xs: 'var(--shadow-1)',
    sm: 'var(--shadow-1)',
    md: 'var(--shadow-2)',
    lg: 'var(--shadow-3)',
    xl: 'var(--shadow-3)',
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        overlayProps: { color: 'var(--scrim)', backgroundOpacity: 1 },
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Divider: { defaultProps: { color: 'var(--border)' } },
    Paper: { vars: () => ({ root: { '--paper-border-color': 'var(--border)' } }) },
    Table: {
      vars: () => ({
        table: { '--table-border-color': 'var(--border)', '--table-hover-color': 'var(--bg-hover)' },
      }),
    },
    Tabs: { vars: () => ({ root: { '--tab-border-color': 'var(--border)' } }) },
    Notification: { styles: { description: { color: 'var(--text-2)' } } },
  },
})
// The same in both schemes: the tokens themselves change.
const map = {
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-body': 'var(--bg-surface)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--st-failed-fg)',
  '--mantine-color-success': 'var(--st-charged-fg)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-default': 'var(--bg-surface)',
  '--mantine-color-default-hover': 'var(--bg-hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-disabled': 'var(--bg-sunken)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--border)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-tint)',
  '--mantine-primary-color-light-hover': 'var(--bg-selected)',
  '--mantine-primary-color-light-color': 'var(--accent-text)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--accent-tint)',
  '--mantine-color-accent-light-hover': 'var(--bg-selected)',
  '--mantine-color-accent-light-color': 'var(--accent-text)',
  '--mantine-color-accent-outline': 'var(--accent-text)',
  '--mantine-color-danger-filled': 'var(--danger)',
  '--mantine-color-danger-filled-hover': 'var(--danger-hover)',
  '--mantine-color-danger-light': 'var(--st-failed-bg)',
  '--mantine-color-danger-light-hover': 'var(--st-failed-bg)',
  '--mantine-color-danger-light-color': 'var(--st-failed-fg)',
  '--mantine-color-danger-outline': 'var(--st-failed-fg)',
}

/** Points Mantine's own variables at tokens.css. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: map,
  dark: map,
})
