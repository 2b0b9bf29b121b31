import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { plantQuery } from '../api/queries.ts';
import { keepLive } from '../live/live-socket.ts';
import { liveStore, usePlantRevision } from '../live/use-live.ts';
import { PlantZone } from '../time/zone-context.ts';

/** What every page with a session stands in: the plant's time zone, the live socket, the catalogue kept fresh. */
export function Zoned() {
  const { data } = useQuery(plantQuery);
  const client = useQueryClient();
  const revision = usePlantRevision();
  useEffect(() => keepLive(liveStore, `${location.origin.replace(/^http/, 'ws')}/api/live`), []);
  useEffect(() => {
    if (!revision || revision === client.getQueryData(plantQuery.queryKey)?.revision) return;
    void client.invalidateQueries({ queryKey: ['plant'] });
    void client.invalidateQueries({ queryKey: ['signals'] });
  }, [revision, client]);
  return (
    <PlantZone.Provider value={data?.timeZone ?? 'Asia/Seoul'}>
      <Outlet />
    </PlantZone.Provider>
  );
}
