// Files that become a part of the program.

declare module "*.svg" {
  /** An address of the picture that needs no server. */
  const address: string;
  export default address;
}

declare module "*.css";
declare module "@fontsource-variable/inter";
