"""Receipt printers: ESC/POS over USB, serial and network, a folder of files, and a simulated ESC/POS printer."""
