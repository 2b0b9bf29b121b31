import { createContext, useContext } from 'react';

/** The plant's IANA zone; all times on screen are in it. */
export const PlantZone = createContext('Asia/Seoul');
export const usePlantZone = () => useContext(PlantZone);
