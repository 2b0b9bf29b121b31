import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  Input,
  type MantineThemeOverride,
  Modal,
  Tooltip,
} from '@mantine/core';

/** Mantine dressed in the tokens of `ui/tokens.css`: it brings behaviour and accessibility, the tokens bring the look. */
export const makeTheme = (closeText: string): MantineThemeOverride =>
  createTheme({
    fontFamily: "'Pretendard Variable', Pretendard, system-ui, sans-serif",
    fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
    fontSizes: { xs: '12px', sm: '13.5px', md: '14px', lg: '16px', xl: '20px' },
    defaultRadius: 6,
    primaryColor: 'accent',
    primaryShade: { light: 6, dark: 3 },
    // What can be pressed has the accent of the scheme, with the text colour that can be read on it.
    variantColorResolver: (input) => {
      const colours = defaultVariantColorsResolver(input);
      // Danger wears the red of a stop, which is measured for text in both schemes.
      if (input.color === 'red') {
        const red = 'var(--unplannedStop)';
        if (input.variant !== 'filled') return { ...colours, color: red };
        const hover = `color-mix(in srgb, ${red} 86%, var(--text))`;
        return { ...colours, background: red, hover, color: 'var(--on-state)' };
      }
      if (input.variant !== 'filled' || (input.color !== undefined && input.color !== 'accent')) return colours;
      const hover = 'color-mix(in srgb, var(--accent) 86%, var(--text))';
      return { ...colours, background: 'var(--accent)', hover, color: 'var(--accent-text)' };
    },
    colors: {
      accent: [
        '#ecebfb',
        '#d5d5f4',
        '#b9baf0',
        '#a5a8ff',
        '#7f82e8',
        '#6164d6',
        '#4547b8',
        '#3b3da3',
        '#30328a',
        '#252770',
      ],
      dark: [
        '#e7eaed',
        '#aeb6be',
        '#98a1aa',
        '#6a737c',
        '#30373e',
        '#272d33',
        '#20252a',
        '#1a1e22',
        '#121518',
        '#0c0e10',
      ],
    },
    components: {
      Button: Button.extend({ defaultProps: { size: 'sm' } }),
      ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', size: 34, color: 'gray' } }),
      Input: Input.extend({ defaultProps: { size: 'sm' } }),
      Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps: { 'aria-label': closeText } } }),
      Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': closeText } } }),
      Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 250, multiline: true } }),
    },
  });

const surfaces = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-2)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-error': 'var(--unplannedStop)',
};

/** Mantine's own would be navy on black. */
const softButtons = {
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-light-hover': 'var(--hover)',
  '--mantine-color-accent-light-color': 'var(--accent)',
};

export const cssVariables: CSSVariablesResolver = () => ({
  ...{ variables: {}, light: surfaces },
  dark: { ...surfaces, ...softButtons },
});
