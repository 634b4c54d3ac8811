import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { deviceStorage, PACINGS, type Pace, READING_SPEEDS, rememberPace, USUAL_WPM } from './pace.ts';

/** Chooses the pace of answers, and at reading pace its speed. What is chosen is remembered for the next conversation. */
export function PacePicker({ value, onChange }: { value: Pace; onChange(pace: Pace): void }) {
  const { t } = useTranslation();
  const choose = (pace: Pace) => {
    rememberPace(deviceStorage(), pace);
    onChange(pace);
  };
  return (
    <>
      <select
        className="select"
        data-testid="pacing-picker"
        aria-label={t('pace.label')}
        title={t('pace.label')}
        value={value.pacing}
        onChange={({ target }) =>
          choose({ ...value, pacing: PACINGS.find((each) => each === target.value) ?? 'HUMAN' })
        }
      >
        {PACINGS.map((each) => (
          <option key={each} value={each}>
            {t(`pace.names.${each}`)}
          </option>
        ))}
      </select>
      {value.pacing === 'READING' && (
        <SpeedSlider
          value={value.readingWpm ?? USUAL_WPM}
          onChange={(readingWpm) => choose({ ...value, readingWpm })}
        />
      )}
    </>
  );
}

/** How long the slider rests before its speed is chosen, in milliseconds: keys move it step by step. */
const RESTS_MS = 400;

/** While it is moved only the number follows. */
function SpeedSlider({ value, onChange }: { value: number; onChange(wordsPerMinute: number): void }) {
  const { t } = useTranslation();
  const [moved, setMoved] = useState<number | null>(null);
  // Chosen: from now on it follows the other tabs again.
  if (moved === value) setMoved(null);
  const shown = moved ?? value;
  const { least, most, step } = READING_SPEEDS;
  const choose = useEffectEvent(() => {
    if (moved !== null) onChange(moved);
  });
  useEffect(() => {
    if (moved === null) return;
    const resting = setTimeout(choose, RESTS_MS);
    return () => clearTimeout(resting);
  }, [moved]);
  return (
    <label className="speed" title={t('pace.speed')}>
      <input
        type="range"
        data-testid="reading-speed"
        aria-label={t('pace.speed')}
        aria-valuetext={t('pace.wordsPerMinute', { count: shown })}
        min={least}
        max={most}
        step={step}
        value={shown}
        onChange={({ target }) => setMoved(Number(target.value))}
      />
      <span aria-hidden="true">{t('pace.wordsPerMinute', { count: shown })}</span>
    </label>
  );
}
